// Node's side of it: the environment and the exit.
import { main } from "./out/use-client.js";

console.log(await main(process.env.BASE, process.env.KEY));
