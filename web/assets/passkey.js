// Passkeys: asks the house what to tell the device, has the device answer, and sends the answer with the form.
(() => {
  const able = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[role=status]");
    if (!able) { said.textContent = said.dataset.lacks; continue; }
    const button = form.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "";
      try {
        const res = await fetch(form.dataset.ask, {method: "POST"});
        if (!res.ok || res.redirected) { location.reload(); return; }
        const told = (await res.json()).publicKey;
        const got = form.dataset.passkey === "create"
          ? await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(told)})
          : await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told)});
        form.elements.answer.value = JSON.stringify(got.toJSON());
        form.submit();
      } catch { // the person said no, or the device cannot
        said.textContent = said.dataset.refused;
        button.disabled = false;
      }
    });
  }
})();
