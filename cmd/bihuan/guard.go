package main

import (
	"context"
	"net/http"

	"bihuan/desk/doors"
	"bihuan/desk/security"
	"bihuan/ground/name"
)

// turnedAway tells the security log what the gate refused, and what broke.
func (h *house) turnedAway(code string, r *http.Request) {
	kind := security.Refused
	switch code {
	case "fault":
		kind = security.System
	case "address-too-long", "too-many-headers", "too-many-parameters":
		kind = security.Limit
	}
	h.guard.Tell(security.Event{Kind: kind, Code: code, Address: doors.Address(r.RemoteAddr, ""), Where: "gate"})
}

// notProven tells the security log of a proof that did not fit.
func (h *house) notProven(p name.Person, address, code string) {
	h.guard.Tell(security.Event{Kind: security.Failed, Code: code, Person: p, Address: address, Where: "accounts"})
}

// keepWatch writes the security log down and hands it on.
func (h *house) keepWatch(ctx context.Context) {
	if err := h.guard.Flush(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("security log", "error", err)
	}
}
