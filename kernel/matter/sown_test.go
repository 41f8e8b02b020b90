//go:build !race

package matter_test

// sown is how many histories of each kind come from fixed seeds, so that what is reached does not hang on luck.
const (
	sown     = 300
	everyAct = true
)
