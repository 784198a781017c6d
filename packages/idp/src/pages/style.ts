/** The style sheet of all pages. Each page contains it, so that browsers need not fetch it. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #f3f4f7; --card: #fff; --text: #1b1d23; --quiet: #5a6072; --line: #d5d8e0;
  --accent: #2f55d4; --accent-text: #fff; --hover: #eef1fb; --alert: #a3201d; --alert-back: #fdecec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14161b; --card: #1d2027; --text: #eceef3; --quiet: #a2a9ba; --line: #3a3f4b;
    --accent: #8aa5ff; --accent-text: #10131c; --hover: #262b37; --alert: #ffb3ae; --alert-back: #3b1f20;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center;
  grid-template-columns: minmax(0, 27rem); padding: 1rem; gap: 1rem;
  background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; box-shadow: 0 1px 2px rgb(0 0 0 / 6%), 0 8px 24px rgb(0 0 0 / 6%);
}
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1.25rem; overflow-wrap: anywhere; }
h1 + .quiet { margin-top: -.5rem; }
form p, p:last-child { margin: 0; }
.quiet, footer { color: var(--quiet); font-size: .875rem; }
footer { margin: 0; text-align: center; }
form { display: grid; gap: 1rem; margin: 0; }
form + form { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
label { display: grid; gap: .25rem; font-weight: 600; }
label.choice { display: flex; gap: .75rem; align-items: center; padding: .75rem; font-weight: 400;
  border: 1px solid var(--line); border-radius: .5rem; }
label.choice:hover { background: var(--hover); }
input { accent-color: var(--accent); }
input:not([type=checkbox]) {
  width: 100%; padding: .625rem .75rem; font: inherit; font-weight: 400; color: inherit;
  background: var(--back); border: 1px solid var(--line); border-radius: .5rem;
}
input[type=checkbox] { width: 1.125rem; height: 1.125rem; margin: 0; flex: none; }
fieldset { display: grid; gap: .5rem; margin: 0; padding: 0; border: 0; min-width: 0; }
ul { display: grid; gap: .5rem; margin: 0; padding-inline-start: 1.25rem; }
legend { padding: 0; margin-bottom: .5rem; font-weight: 600; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
.buttons > * { flex: 1 1 8rem; white-space: nowrap; }
button {
  padding: .625rem 1rem; font: inherit; font-weight: 600; color: inherit; cursor: pointer;
  background: transparent; border: 1px solid var(--line); border-radius: .5rem;
}
button:hover { background: var(--hover); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-text); }
button.main:hover { filter: brightness(1.08); }
button.account { display: grid; text-align: start; font-weight: 400; }
button.account strong { font-weight: 600; }
button.account span { color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role=alert] { padding: .75rem; border-radius: .5rem; color: var(--alert); background: var(--alert-back); }
@media (max-width: 26rem) { main { padding: 1.25rem; } }
`
