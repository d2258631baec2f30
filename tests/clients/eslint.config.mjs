// The rules of @graphql-eslint for schemas and for Relay, over api/schema.graphql. Each exception has its reason.
import plugin from "@graphql-eslint/eslint-plugin";

const rules = (name) => plugin.configs[`flat/${name}`].rules;

export default [
  {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": plugin },
    languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: "api/schema.graphql" } } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...rules("schema-recommended"),
      ...rules("schema-relay"),
      // `@oneOf` is the specification's own, and is printed as it is there: without a word.
      "@graphql-eslint/require-description": [
        "error",
        { types: true, rootField: true, DirectiveDefinition: true, ignoredSelectors: ["DirectiveDefinition[name.value=oneOf]"] },
      ],
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          exceptions: {
            // The outcome of one mutation or filter, a page and a place in it, what is wrong with one input: each is of its
            // own request, and no cache may join two of them.
            suffixes: ["Payload", "Connection", "Edge", "Error", "Event", "Filter", "Result", "Count"],
            types: [
              "PageInfo", // a part of a page
              "ConversationMember", // a person in one group, one value of Conversation
              "RateLimit", // what is left at one moment; the caller may be nobody
              // What is trending in a span of time, as it was worked out last; its tags and posts have ids.
              "Trending",
              "TrendingTag",
              // What rules would give, and why a post is in a feed, at the time of reading.
              "FeedExplanation",
              "FeedMatch",
              "FeedNotice",
              "FeedPreview",
              "FeedPreviewCounts",
              // The rules of a feed, and all that ends in Filter, are one value of Feed.
              "FeedGroup",
              "FeedMarker", // a place in a feed, one value of Feed
              "FeedRules",
              "FeedTemplate",
              "ProfileTemplate",
              "FeedScore", // of one post, at the time of reading
              "ScoreWeights",
              "TimeRange",
              // What the sender of one file adds, and what one type of file may have.
              "UploadHeader",
              "UploadLimit",
              "TimeSpan",
              // Values of a profile, which change as a whole with their owner: clients keep them inside Profile.
              "ContrastWarning",
              "ProfileBackground",
              "ProfileColors",
              "ProfileFonts",
              "ProfileLayout",
              "ProfileMusic",
              "ProfileSizes",
              "ProfileStyle",
            ],
          },
        },
      ],
      // Short lists with a bound come whole, as in Relay's own examples: sections, media of a post, participants, feeds,
      // tags, user errors; and `nodes` beside `edges` is for those who need no cursors. All else of the rule holds.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
      // `User.username` begins with the name of its type, and is one word all the same. The rule knows no exceptions, so
      // it only warns, and the test names this warning as the only one.
      "@graphql-eslint/no-typename-prefix": "warn",
    },
  },
];
