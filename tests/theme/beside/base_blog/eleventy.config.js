// A small Eleventy blog with what the project's base blog has: one style sheet inlined, navigation, a list of posts, tags,
// the posts around, an Atom feed, links to headings. Written here; nothing of the original is in it.
import { HtmlBasePlugin, IdAttributePlugin } from "@11ty/eleventy";
import navigation from "@11ty/eleventy-navigation";
import { feedPlugin } from "@11ty/eleventy-plugin-rss";

const ABOUT = { title: "Le mur d’essai", description: "Un mur pour les essais", language: "fr", url: "https://mur.example.org/" };

export default function (config) {
  config.addPassthroughCopy({ "content/medias": "medias" });
  config.addBundle("css", { toFileDirectory: "dist" });
  config.addPlugin(navigation);
  config.addPlugin(HtmlBasePlugin);
  config.addPlugin(IdAttributePlugin);
  config.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed/feed.xml",
    collection: { name: "posts", limit: 10 },
    metadata: { language: ABOUT.language, title: ABOUT.title, subtitle: ABOUT.description, base: ABOUT.url, author: { name: ABOUT.title } },
  });
  config.addGlobalData("metadata", ABOUT);
  config.addFilter("readableDate", (date) => new Intl.DateTimeFormat("fr", { dateStyle: "full", timeZone: "Europe/Paris" }).format(date));
  config.addFilter("machineDate", (date) => date.toISOString().slice(0, 10));
  config.addFilter("ownTags", (tags) => (tags || []).filter((tag) => tag !== "posts" && tag !== "all"));
  config.addFilter("newest", (posts, count) => [...posts].reverse().slice(0, count));
  return { dir: { input: "content", includes: "../_includes", output: "_site" }, markdownTemplateEngine: false, htmlTemplateEngine: "njk" };
}
