"use strict";
// Passkeys. The page says in `data-passkey` what a device is asked; its answer goes into the form, which is then sent as
// every form is. Without this script, and in a browser that knows no passkeys, the page goes on saying so.
const part = document.querySelector("[data-passkey]");
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function askDevice(asked) {
  const publicKey = { ...asked, challenge: decode(asked.challenge) };
  if (!asked.user) return navigator.credentials.get({ publicKey });
  publicKey.user = { ...asked.user, id: decode(asked.user.id) };
  publicKey.excludeCredentials = (asked.excludeCredentials || []).map((one) => ({ ...one, id: decode(one.id) }));
  return navigator.credentials.create({ publicKey });
}

function writeAnswer({ id, type, response }) {
  const written = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) written[name] = encode(response[name]);
  return JSON.stringify({ id, rawId: id, type, response: written });
}

if (part && window.PublicKeyCredential) {
  const form = part.querySelector("form");
  const failed = document.getElementById("passkey-failed");
  document.getElementById("passkey-missing").hidden = true;
  part.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    failed.hidden = true;
    try {
      form.elements.answer.value = writeAnswer(await askDevice(JSON.parse(part.dataset.passkey)));
    } catch {
      failed.hidden = false;
      return;
    }
    form.submit();
  });
}
