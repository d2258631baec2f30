// What an app with Relay does with the schema: pages of lists, objects asked for again, new entries, deleted objects.
import { graphql } from "relay-runtime";

export const page = graphql`
  query ProfilePageQuery($username: String!) {
    user(username: $username) {
      ...ProfilePosts_user
      sections {
        ...ProfileSection_section
      }
    }
    viewer {
      ...ProfileNotifications_viewer
      ...ProfileBlocked_viewer
    }
  }
`;

// Pages in one direction, of a list of an object that `node` finds again.
export const posts = graphql`
  fragment ProfilePosts_user on User
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "ProfilePostsPaginationQuery") {
    posts(first: $count, after: $cursor) @connection(key: "ProfilePosts_posts") {
      edges {
        node {
          ...ProfilePost_post
        }
      }
    }
  }
`;

// Pages in both directions.
export const comments = graphql`
  fragment ProfilePost_post on Post
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 3 }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  )
  @refetchable(queryName: "ProfilePostPaginationQuery") {
    likesCount
    viewerHasLiked
    comments(first: $first, after: $after, last: $last, before: $before) @connection(key: "ProfilePost_comments") {
      edges {
        node {
          content
        }
      }
    }
  }
`;

// A fragment on an interface whose types are nodes.
export const section = graphql`
  fragment ProfileSection_section on ProfileSection @refetchable(queryName: "ProfileSectionRefetchQuery") {
    title
    ... on PeopleSection {
      users(first: 5) {
        edges {
          node {
            username
          }
        }
      }
    }
    ... on PostsSection {
      posts(first: 5) {
        edges {
          node {
            title
          }
        }
      }
    }
  }
`;

export const blocked = graphql`
  fragment ProfileBlocked_viewer on Viewer {
    blocked(first: 50) @connection(key: "ProfileBlocked_blocked") {
      edges {
        node {
          username
        }
      }
    }
  }
`;

// The viewer is a node, too. Two lists of one field are kept apart by their filter.
export const notifications = graphql`
  fragment ProfileNotifications_viewer on Viewer
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "ProfileNotificationsPaginationQuery") {
    notifications(first: $count, after: $cursor, unreadOnly: true)
      @connection(key: "ProfileNotifications_notifications", filters: ["unreadOnly"]) {
      edges {
        node {
          title
        }
      }
    }
  }
`;

export const createPost = graphql`
  mutation ProfileCreatePostMutation($input: CreatePostInput!, $connections: [ID!]!) {
    createPost(input: $input) {
      postEdge @prependEdge(connections: $connections) {
        node {
          ...ProfilePost_post
        }
      }
      userErrors {
        message
      }
    }
  }
`;

export const blockUser = graphql`
  mutation ProfileBlockUserMutation($input: BlockUserInput!, $connections: [ID!]!) {
    blockUser(input: $input) {
      blockedEdge @prependEdge(connections: $connections) {
        node {
          username
        }
      }
      deletedId @deleteRecord
    }
  }
`;

export const unblockUser = graphql`
  mutation ProfileUnblockUserMutation($input: UnblockUserInput!, $connections: [ID!]!) {
    unblockUser(input: $input) {
      deletedId @deleteEdge(connections: $connections) @deleteRecord
    }
  }
`;
