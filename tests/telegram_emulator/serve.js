// Serves telegram-test-api on a free port of this machine and prints the port. Its faults are mended on the way: getMe
// lacks is_bot, messages are dated in milliseconds and echo options as letters, edits and answers to presses return null,
// presses lack chat_instance, a keyboard cannot be taken away, getUpdates knows neither offset nor timeout. What it
// lacks is added: updates of any kind, a person who blocks the bot, a list of what the bot called. It ends when its
// standard input does.
"use strict";

const { createRequire } = require("module");
const path = require("path");

// The package stands in a cache, not beside this file: the cache's folder is the one argument.
const fromCache = createRequire(path.join(process.argv[2], "node_modules", "telegram-test-api", "lib", "index.js"));
const { TelegramServer } = fromCache("./telegramServer");
const express = fromCache("express");

// A server may answer a long poll as early as it likes; a house that is told to stop waits for the answer.
const LONGEST_POLL_MS = 1000;
const server = new TelegramServer({ host: "127.0.0.1", storeTimeout: 600 });
const app = express();
const calls = [];
const blocked = new Set();
const files = {};
app.use(express.json(), express.urlencoded({ extended: true }));

// What a bot calls ----------------------------------------------------------------------------

app.use("/bot:token/:method", (req, res, next) => {
  const { token, method } = req.params;
  calls.push({ token, method, asked: { ...req.query, ...req.body } });
  if (!blocked.has(`${token} ${req.body.chat_id}`)) return next();
  return res.status(403).json({ ok: false, error_code: 403, description: "Forbidden: bot was blocked by the user" });
});

const answers = (method, answer) => app.all(`/bot:token/${method}`, async (req, res) => {
  res.json({ ok: true, result: await answer({ ...req.query, ...req.body }, req.params.token) });
});

answers("getMe", (_, token) => ({ id: parseInt(token, 10), is_bot: true, first_name: "School", username: "school_bot" }));
answers("getFile", (asked) => ({
  file_id: asked.file_id, file_unique_id: "u", file_size: files[asked.file_id].length, file_path: `sent/${asked.file_id}`,
}));
app.get("/file/bot:token/sent/:file", (req, res) => res.end(files[req.params.file]));
answers("answerCallbackQuery", () => true);
answers("leaveChat", () => true);
answers("editMessageReplyMarkup", (asked) => {
  server.editMessageReplyMarkup({ reply_markup: { inline_keyboard: [] }, ...asked });
  return true;
});

const told = (update) => {
  if (update.raw) return { update_id: update.updateId, ...update.raw };
  const formatted = TelegramServer.formatUpdate(update);
  if (formatted.callback_query) formatted.callback_query.chat_instance = "1";
  return formatted;
};

answers("getUpdates", async (asked, token) => {
  const offset = Number(asked.offset || 0);
  const kinds = JSON.parse(asked.allowed_updates || "[]");
  const allowed = (update) => !kinds.length || kinds.some((kind) => kind in update);
  const mine = () => server.storage.userMessages.filter((update) => update.botToken === token);
  mine().filter((update) => update.updateId < offset).forEach((update) => server.removeUserMessage(update.updateId));
  const until = Date.now() + Math.min(1000 * Number(asked.timeout || 0), LONGEST_POLL_MS);
  while (!mine().map(told).some(allowed) && Date.now() < until) await new Promise((wake) => setTimeout(wake, 10));
  return mine().map(told).filter(allowed).slice(0, Number(asked.limit || 100));
});

const send = server.addBotMessage.bind(server);
server.addBotMessage = (message, token) => {
  // What came as a form's field goes back as what it says, not as its letters.
  const preview = message.link_preview_options ? JSON.parse(message.link_preview_options) : undefined;
  const made = send({ ...message, link_preview_options: preview }, token);
  return { ...made, date: Math.floor(made.date / 1000) };
};

// What a person does, besides what the package has a door for -----------------------------------

app.post("/sendUpdate", async (req, res) => {
  const { botToken, update } = req.body;
  await server.addUserUpdate({ ...server.getCommonFields(botToken), raw: update });
  res.json({ ok: true, result: true });
});
app.post("/hasFile", (req, res) => {
  files[req.body.fileId] = Buffer.from(req.body.data, "base64");
  res.json({ ok: true, result: true });
});
app.post("/block", (req, res) => res.json({ ok: true, result: !!blocked.add(`${req.body.botToken} ${req.body.chatId}`) }));
app.post("/calls", (req, res) => res.json({ ok: true, result: calls.filter((call) => call.token === req.body.token) }));

app.use(server.webServer);
const listening = app.listen(0, "127.0.0.1", () => console.log(listening.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
