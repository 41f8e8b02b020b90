package notices

// Fits is fits, for tests.
var Fits = fits
