"""A schema whose fields have every kind of price, and the cost of a query to it."""

from graphql import (
    GraphQLSchema,
    build_schema,
)

from api.execution.cost import Cost
from api.execution.documents import Documents
from api.execution.prices import CostModel

SCHEMA: GraphQLSchema = build_schema("""
    interface Node { id: ID }
    type PageInfo { hasNextPage: Boolean }
    type Post implements Node {
      id: ID, author: User, tags: [String!], media: [Media!], grid: [[Media]], comments(first: Int, last: Int): Comments
      heavy: Media, text: String
    }
    type Media { url: String }
    type User implements Node { id: ID, posts(first: Int = 7, last: Int): Posts, best: Post }
    type Posts { edges: [PostEdge], nodes: [Post], pageInfo: PageInfo, total: Int }
    type PostEdge { cursor: ID, node: Post }
    type Comments { nodes: [User], pageInfo: PageInfo }
    type Query {
      feed(first: Int, last: Int): Posts, user: User, nodes(ids: [ID!]!): [Node], node: Node, any: Thing, ok: Boolean
    }
    union Thing = User | Post
    type Mutation { write: Payload, other: Boolean }
    type Payload { post: Post }
""")
MODEL = CostModel(
    list_size=4,
    operation=1,
    page=0,
    statement=0,
    mutation=10,
    introspection=100,
    sizes={"Query.nodes": "ids", "Post.grid": 2},
    weights={"Post.heavy": 50, "Post.text": 10},
)


def cost(text: str) -> Cost:
    return Documents(SCHEMA, costs=MODEL).operation(text).cost
