// Follows what changes, from where it stopped the last time. Node 20; BASE ends in /api/v1, KEY is an API key.
const { BASE, KEY } = process.env;

async function changes(after) {
  const answer = await fetch(`${BASE}/changes?limit=500&after=${after}`, { headers: { Authorization: `Bearer ${KEY}` } });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json();
}

let position = 0;
let count = 0;
for (let page = await changes(position); page.items.length > 0; page = await changes(position)) {
  count += page.items.length;
  position = page.next; // To be kept: the next run begins here.
}
console.log(`${count} changes up to position ${position}`);
