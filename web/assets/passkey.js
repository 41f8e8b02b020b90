// Passkeys: asks the house what to tell the device, has the device answer, and sends the answer with the form.
(() => {
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const res = await fetch(form.dataset.ask, {method: "POST"});
        if (!res.ok || res.redirected) { location.reload(); return; }
        const told = (await res.json()).publicKey;
        const got = form.dataset.passkey === "create"
          ? await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(told)})
          : await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told)});
        form.elements.answer.value = JSON.stringify(got.toJSON());
        form.submit();
      } catch {
        button.disabled = false; // the person said no, or the device cannot
      }
    });
  }
})();
