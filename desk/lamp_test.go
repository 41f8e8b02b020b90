package desk_test

import "bihuan/desk/doors"

// receipt is one of the receipts of a test.
func receipt(n byte) string { return doors.NewReceipt(func(b []byte) { b[0] = n }) }

// lampOut is a report of a street lamp, at a place.
func lampOut(n byte, place, text string) doors.Filing {
	return doors.Filing{Receipt: receipt(n), Service: "E06002", Text: text, Place: place, Address: "东盛大街128号门前"}
}
