// The same page from GraphQL Yoga: its own best practice (data loaders, prepared statements), our statements and rows.
// VRSS_JIT=1 compiles operations with graphql-jit. STATEMENTS is a JSON file of { name: { text, parameters } }.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { useGraphQlJit } from '@envelop/graphql-jit'
import DataLoader from 'dataloader'
import { createSchema, createYoga } from 'graphql-yoga'
import pg from 'pg'

pg.types.setTypeParser(20, Number)
pg.types.setTypeParser(1184, (text) => new Date(text).toISOString().replace('.000Z', 'Z'))

const statements = JSON.parse(readFileSync(process.env.STATEMENTS, 'utf8'))
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: process.env.PG_OPTIONS })
const base = process.env.PUBLIC_URL

async function fetch(name, parameters, client = pool) {
  const { text, parameters: names } = statements[name]
  const values = names.map((key) => parameters[key])
  return (await client.query({ name, text, values })).rows
}

const array = (ids) => `{${ids.join(',')}}`
const encode = (type, key) => Buffer.from(`${type}:${key}`).toString('base64url')
const decode = (id) => Number(Buffer.from(id, 'base64url').toString().split(':')[1])
const absolute = (url) => (url && url.startsWith('/') ? base + url : url)
const cursor = (field, row) => Buffer.from(`${field}:${Date.parse(row.created_at)}000:${row.id}`).toString('base64url')
const everywhere = {
  after_created_at: 'infinity', after_id: '9223372036854775807',
  before_created_at: '-infinity', before_id: '-9223372036854775808',
}

function page(field, rows, limit) {
  const nodes = rows.slice(0, limit)
  const more = rows.length > limit
  return {
    get edges() { return nodes.map((node) => ({ cursor: cursor(field, node), node })) },
    nodes,
    pageInfo: { hasNextPage: more, get endCursor() { return nodes.length ? cursor(field, nodes.at(-1)) : null } },
  }
}

function grouped(keys, rows, key) {
  const groups = new Map(keys.map((one) => [one, []]))
  for (const row of rows) groups.get(row[key]).push(row)
  return keys.map((one) => groups.get(one))
}

function rowLoader(name, viewer) {
  return new DataLoader(async (keys) => {
    const rows = new Map((await fetch(name, { viewer, ids: array(keys) })).map((row) => [row.id, row]))
    return keys.map((key) => rows.get(key) ?? null)
  })
}

function pageLoaders(viewer, name, field, then = (rows) => rows) {
  const loaders = new Map()
  return (first) => {
    if (!loaders.has(first)) {
      const load = async (keys) => {
        const rows = await fetch(name, { ...everywhere, viewer, ids: array(keys), limit: first + 1 })
        return Promise.all(grouped(keys, rows, 'owner_id').map(async (found) => page(field, await then(found), first)))
      }
      loaders.set(first, new DataLoader(load))
    }
    return loaders.get(first)
  }
}

function loadersFor(viewer) {
  const userById = rowLoader('users_by_ids', viewer)
  const people = (rows) => Promise.all(rows.map((row) => userById.load(row.id)))
  return {
    userById,
    postById: rowLoader('posts_by_ids', viewer),
    interactions: new DataLoader(async (keys) => {
      const states = new Map(keys.map((key) => [key, new Set()]))
      for (const row of await fetch('viewer_interactions_by_post_ids', { viewer, ids: array(keys) })) {
        states.get(row.post_id).add(row.interaction)
      }
      return keys.map((key) => states.get(key))
    }),
    relations: new DataLoader(async (keys) => {
      const states = new Map(keys.map((key) => [key, new Set()]))
      for (const row of await fetch('viewer_relations_by_user_ids', { viewer, ids: array(keys) })) {
        states.get(row.user_id).add(row.relation)
      }
      return keys.map((key) => states.get(key))
    }),
    mediaByPost: new DataLoader(async (keys) =>
      grouped(keys, await fetch('media_by_post_ids', { ids: array(keys) }), 'post_id')),
    comments: pageLoaders(viewer, 'comments_by_post_ids', 'comments'),
    posts: pageLoaders(viewer, 'posts_by_user_ids', 'userPosts'),
    followers: pageLoaders(viewer, 'followers_by_user_ids', 'followers', people),
  }
}

async function contextFor({ request }) {
  const token = request.headers.get('authorization')?.split(' ')[1]
  if (!token) return { viewer: null, loaders: loadersFor(null) }
  const hash = createHash('sha256').update(token).digest()
  const [session] = await fetch('session_by_token_hash', { token_hash: hash })
  if (!session) throw new Error('UNAUTHENTICATED')
  return { viewer: session, loaders: loadersFor(session.id) }
}

async function inTransaction(work) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const found = await work(client)
    await client.query('COMMIT')
    return found
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

async function postAfter(context, id, work) {
  const post = decode(id)
  const row = await inTransaction(async (client) => {
    await work(client, context.viewer.id, post)
    return (await fetch('posts_by_ids', { viewer: context.viewer.id, ids: array([post]) }, client))[0]
  })
  context.loaders.interactions.clearAll()
  return { post: row, userErrors: [] }
}

const schema = createSchema({
  typeDefs: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
  resolvers: {
    Query: {
      viewer: (_, __, { viewer }) => viewer,
      homeFeed: async (_, { first }, { viewer }) => {
        const rows = await fetch('home_feed', { ...everywhere, viewer: viewer.id, limit: first + 1 })
        return page('homeFeed', rows, first)
      },
      user: async (_, { username }, { viewer, loaders }) => {
        const [found] = await fetch('user_id_by_username', { viewer: viewer?.id ?? null, username })
        return found ? loaders.userById.load(found.id) : null
      },
    },
    Mutation: {
      likePost: (_, { input }, context) => postAfter(context, input.postId, async (client, viewer, post_id) => {
        const liked = await fetch('like_post', { viewer, post_id }, client)
        if (liked.length) await fetch('notify_like', { viewer, post_id }, client)
      }),
      unlikePost: (_, { input }, context) =>
        postAfter(context, input.postId, (client, viewer, post_id) => fetch('unlike_post', { viewer, post_id }, client)),
    },
    Viewer: { id: (row) => encode('Viewer', row.id) },
    User: {
      id: (row) => encode('User', row.id),
      profile: (row) => (row.has_profile ? row : null),
      posts: (row, { first }, { loaders }) => loaders.posts(first).load(row.id),
      followers: (row, { first }, { loaders }) => loaders.followers(first).load(row.id),
      viewerFollows: async (row, _, { loaders }) => (await loaders.relations.load(row.id)).has('follows'),
    },
    Profile: { displayName: (row) => row.display_name, avatarUrl: (row) => absolute(row.avatar_url) },
    Post: {
      id: (row) => encode('Post', row.id),
      type: (row) => row.type.toUpperCase(),
      createdAt: (row) => row.created_at,
      likesCount: (row) => row.likes_count,
      commentsCount: (row) => row.comments_count,
      viewerHasLiked: async (row, _, { loaders }) => (await loaders.interactions.load(row.id)).has('like'),
      author: (row, _, { loaders }) => loaders.userById.load(row.user_id),
      media: (row, _, { loaders }) => loaders.mediaByPost.load(row.id),
      comments: (row, { first }, { loaders }) => loaders.comments(first).load(row.id),
    },
    Comment: {
      id: (row) => encode('Comment', row.id),
      createdAt: (row) => row.created_at,
      author: (row, _, { loaders }) => loaders.userById.load(row.user_id),
    },
    Media: { url: (row) => absolute(row.file_url), type: (row) => row.type.toUpperCase() },
  },
})

const plugins = process.env.VRSS_JIT ? [useGraphQlJit()] : []
const yoga = createYoga({ schema, plugins, context: contextFor, graphiql: false, logging: false, maskedErrors: true })
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'))
