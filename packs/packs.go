// Package packs holds the packs that the binary carries: one folder of plain data per
// pack, embedded in [FS]. A new pack is a new folder and a word in the line below.
// Reading them is left to the room pack.
package packs

//go:generate go run ../internal/accessdoc

import "embed"

// FS has one folder per pack at its root, such as cn/records/holidays.csv.
//
//go:embed access.yaml retention.yaml all:cn all:erdao all:place all:dispatch all:promise all:supervision all:economy all:works all:urban all:grid all:hotline all:rights all:audit
var FS embed.FS
