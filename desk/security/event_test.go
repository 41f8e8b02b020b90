package security_test

import "bihuan/ground/ledger"

func newEvent(typ string) ledger.Event {
	return ledger.Event{Type: typ, Schema: 1, Suite: ledger.SM3, Body: []byte(`{"name":"张伟"}`)}
}
