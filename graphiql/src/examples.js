export const defaultHeaders = `{
  // Paste the token of the LogIn tab:
  // "Authorization": "Bearer TOKEN"
}`;

const feed = `# The feed of the people you follow. Log in first: see the next tab and the headers below.
query Feed {
  homeFeed(first: 20) {
    edges {
      cursor
      node {
        id
        type
        content
        createdAt
        likesCount
        commentsCount
        viewerHasLiked
        author {
          id
          username
          profile {
            displayName
            avatarUrl
          }
        }
        media {
          url
          type
          width
          height
        }
        comments(first: 3) {
          nodes {
            id
            content
            createdAt
            author {
              id
              username
              profile {
                displayName
                avatarUrl
              }
            }
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const login = `mutation LogIn {
  login(input: { login: "ada", password: "Vrss-demo-2026" }) {
    token
    expiresAt
    userErrors {
      code
      message
      field
    }
  }
}
`;

export const tabs = [{ query: feed, headers: defaultHeaders }, { query: login, headers: "{}" }];
