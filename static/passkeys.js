// Passkeys: asks the device for a key and sends its answer with the form, as text. The server decides.
(() => {
  "use strict";

  const form = document.querySelector("form[data-passkey]");
  if (!form) return;

  const show = (...names) =>
    form.querySelectorAll("[data-says]").forEach((line) => {
      line.hidden = !names.includes(line.dataset.says);
    });

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");

  const decoded = (options) => {
    const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));
    return {
      ...options,
      challenge: bytes(options.challenge),
      ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
      allowCredentials: keys(options.allowCredentials),
      excludeCredentials: keys(options.excludeCredentials),
    };
  };

  const encoded = (credential) => {
    const answer = {};
    ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (credential.response[name]) answer[name] = text(credential.response[name]);
    });
    if (credential.response.getTransports) answer.transports = credential.response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: answer,
      extensions: JSON.stringify(credential.getClientExtensionResults()),
    });
  };

  const ask = async () => {
    show("ask");
    try {
      const publicKey = decoded(JSON.parse(form.dataset.options));
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.credential.value = encoded(credential);
      form.submit();
    } catch (why) {
      show(why.name === "SecurityError" ? "unable" : "refused", "again");
    }
  };

  form.querySelector("button").addEventListener("click", ask);
  if (window.PublicKeyCredential) ask();
  else show("unable");
})();
