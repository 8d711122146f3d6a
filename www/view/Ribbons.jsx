// The ribbons between who pays and who is paid.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { pathsOf } from "./outlines.js";

/** Drawn from where the rows stand; drawn again when one moves. */
export function Ribbons({ box, ribbons, lit, unfolded }) {
  const svg = useRef(null);
  const [paths, setPaths] = useState([]);
  useLayoutEffect(() => {
    const draw = () => setPaths(pathsOf(box.current, svg.current, ribbons));
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [ribbons, unfolded]);
  const isLit = ({ from, to }) => from === lit || to === lit;
  const hasLit = lit !== null && paths.some(isLit);
  return (
    <svg class="ribbons" ref={svg} aria-hidden="true">
      {paths.map((path) => (
        <path
          key={`${path.from} ${path.to}`}
          class={`${path.colour} ${hasLit ? (isLit(path) ? "lit" : "dim") : ""}`}
          d={path.d}
        />
      ))}
    </svg>
  );
}
