/**
 * A little colour for source code: comments, strings, keywords, numbers. Good enough to read by; it
 * knows no grammar, only what a token looks like.
 */

import { el } from "../shell/dom.js";

const TOKENS = {
  javascript: /(?<comment>\/\*[\s\S]*?\*\/|\/\/[^\n]*)|(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(?<keyword>\b(?:async|await|break|case|catch|class|const|continue|default|else|export|false|finally|for|from|function|if|import|in|let|new|null|of|return|throw|true|try|typeof|undefined|while|yield)\b)|(?<number>\b\d[\d_.]*\b)/g,
  python: /(?<comment>#[^\n]*)|(?<string>[rbf]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(?<keyword>\b(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|True|try|while|with|yield)\b)|(?<number>\b\d[\d_.]*\b)/g,
};

/** Returns nodes that together are the source, unchanged. */
export function highlight(source, language) {
  const nodes = [];
  let end = 0;
  for (const match of source.matchAll(TOKENS[language])) {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    nodes.push(source.slice(end, match.index), el(`span.token-${kind}`, {}, match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, source.slice(end)];
}
