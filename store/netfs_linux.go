package store

import "syscall"

// networks are the file systems on which SQLite's locks and syncs cannot be relied upon,
// by the magic numbers of statfs(2).
var networks = map[int64]string{
	0x6969: "nfs", 0x517b: "smb", 0xff534d42: "cifs", 0xfe534d42: "smb2", 0x00c36400: "ceph",
	0x5346414f: "afs", 0x01021997: "9p", 0x0bd00bd0: "lustre", 0x47504653: "gpfs", 0x01161970: "gfs2",
}

// network returns the kind of network file system that dir lies on, empty for a local one.
func network(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return ""
	}
	return networks[int64(uint32(s.Type))]
}
