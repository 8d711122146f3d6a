import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Upgrade } from "./preview.jsx";

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Upgrade />
  </StrictMode>,
);
