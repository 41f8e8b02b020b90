//go:build race

package matter_test

// sown is smaller under the race detector, which has nothing to find in a pure room and makes it ten times slower. Every verb
// is reached all the same; whether every act is, the run without the detector says.
const (
	sown     = 80
	everyAct = false
)
