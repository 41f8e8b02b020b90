//go:build race

package matter_test

// sown is smaller under the race detector, which has nothing to find in a pure room and makes it ten times slower; it
// is enough to reach every act.
const sown = 80
