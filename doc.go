// Package bihuan is the house itself: it holds no code, only the test that keeps the
// import table of docs/house.md true. The door is cmd/bihuan.
package bihuan
