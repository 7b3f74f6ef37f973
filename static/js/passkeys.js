// Passkeys (Web Authentication): the hall's question goes to the browser, the device's answer into the form.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

const asked = async (form) => {
  const sent = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const response = await fetch(form.dataset.passkeyAsk, { method: "POST", body: sent });
  if (!response.ok) throw new Error(`asked: ${response.status}`);
  const options = await response.json();
  return { ...options, challenge: toBytes(options.challenge) };
};

const made = async (form) => {
  const options = await asked(form);
  const publicKey = {
    ...options,
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  return navigator.credentials.create({ publicKey });
};

const shown = async (form) => {
  const options = await asked(form);
  return navigator.credentials.get({ publicKey: { ...options, allowCredentials: named(options.allowCredentials) } });
};

const written = (credential) => {
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = toText(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: answer });
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-passkey-failed]");
  form.querySelector("[data-passkey-lacking]").hidden = true;
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      const credential = await (form.dataset.passkey === "create" ? made(form) : shown(form));
      form.elements[form.dataset.passkeyInto].value = written(credential);
      form.submit();
    } catch (error) {
      console.warn(error);
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
