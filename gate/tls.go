package gate

import "crypto/tls"

// TLS returns what connections from outside are encrypted by: version 1.3, or 1.2 with the suites that keep a recorded conversation
// closed when the key is known later, and that authenticate what they encrypt; never one with RSA key exchange, CBC, RC4 or 3DES. The
// exchange is over X25519, alone or beside ML-KEM-768, or over P-256 or P-384. The certificate is the caller's.
//
// Source: OWASP ASVS 5.0.0, 12.1.1, 12.1.2 and 11.6.2, as read; RFC 9325 (2022), 4.2. The list is ours.
func TLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		CipherSuites: []uint16{ // of version 1.2; those of 1.3 are all of this sort and cannot be chosen
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		CurvePreferences: []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384},
	}
}
