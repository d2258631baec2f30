// The same pages from PostGraphile in its own way: fields and statements come from the tables and from the functions of
// postgraphile.sql, which read the viewer from a setting of the transaction.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import pg from 'pg'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

const options = { connectionString: process.env.DATABASE_URL, max: 10, options: process.env.PG_OPTIONS }
const pool = new pg.Pool(options)
const session = `
  SELECT s.user_id FROM app.sessions AS s JOIN users AS u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.status <> 'deleted'`

async function context({ node }) {
  const token = node?.req.headers.authorization?.split(' ')[1]
  if (!token) return {}
  const hash = createHash('sha256').update(token).digest()
  const { rows } = await pool.query({ name: 'session', text: session, values: [hash] })
  if (!rows.length) throw new Error('UNAUTHENTICATED')
  return { pgSettings: { 'vrss.viewer': rows[0].user_id } }
}

const server = createServer()
const served = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafast: { context },
  grafserv: { graphiql: false, watch: false },
}).createServ(grafserv)
await served.addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'))
