/** The room as a view: its heading at once, the rest from a file of its own, because most pages have no room. */
import { t } from "../language/language.js";
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RoomProps } from "./room-view.js";

type Loaded = { readonly View: ComponentType<RoomProps> } | { readonly why: string };

export function RoomPage(props: RoomProps): JSX.Element {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    import("./room-view.js").then(
      ({ RoomView }) => setLoaded({ View: RoomView }),
      () => setLoaded({ why: t.app.unreached }),
    );
  }, []);
  return (
    <div class="room-view">
      <h1 tabIndex={-1}>{t.views.room}</h1>
      {loaded !== undefined &&
        ("View" in loaded ? (
          <loaded.View {...props} />
        ) : (
          <p class="level-bad" role="alert">
            {loaded.why}
          </p>
        ))}
    </div>
  );
}
