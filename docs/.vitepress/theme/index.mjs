import DefaultTheme from "vitepress/theme";
import Runnable from "./Runnable.vue";

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => app.component("Runnable", Runnable),
};
