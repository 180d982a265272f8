/** The model of one's own as the conversation sees it: one that may be there later, loads, goes away and comes back. */

export interface LocalModel {
  /** As in `local/NAME`; undefined while there is no model. */
  readonly name: string | undefined;
  /** Its owner named the file at this start (`--brain`): it comes before what is found. */
  readonly isAsked: boolean;
  /** The conversation will ask it: it may start. */
  want(): void;
  /** It is told less, and by examples. */
  readonly isSmall: boolean;
  /** What its door is shown. */
  readonly token: string;
  /** host:port; undefined while it does not serve. */
  door(): string | undefined;
  /** Why it cannot be asked now, a sentence; undefined when it can. */
  whyNot(): string | undefined;
  /** It is being loaded, or started again: it comes by itself. */
  readonly isLoading: boolean;
  /** How quick it is and what it costs, a sentence; "" while nothing is known. */
  readonly figures: string;
  /** Calls back when it serves. The returned function ends that. */
  onReady(listener: () => void): () => void;
  /** Calls back when there is another model, or none. */
  onModel(listener: () => void): () => void;
}

/** Where there is no model of one's own. */
export const NO_LOCAL_MODEL: LocalModel = {
  name: undefined,
  isAsked: false,
  want: () => undefined,
  isSmall: true,
  token: "",
  door: () => undefined,
  whyNot: () => "there is no model of its own: run `buddy brain install`",
  isLoading: false,
  figures: "",
  onReady: () => () => undefined,
  onModel: () => () => undefined,
};
