import CLinux

extension FindingStore {
    /// What the file system that the database lies on is called, where it is one over a network; nil where it is not.
    ///
    /// SQLite's write-ahead log needs memory that all its users share, which no network gives, and such file systems' locks
    /// do not always hold ("WAL does not work over a network filesystem", sqlite.org/wal.html): one writer is safe there only
    /// as long as nobody else opens the database from another machine.
    public var networkFileSystem: String? {
        var status = statfs()
        return statfs(path, &status) == 0 ? NetworkFileSystem.name(ofType: Int(status.f_type)) : nil
    }
}

enum NetworkFileSystem {
    /// By the number that statfs(2) gives, 32 bits of it: some have the highest one set.
    static func name(ofType type: Int) -> String? {
        switch UInt32(truncatingIfNeeded: type) {
        case 0x6969: "NFS"
        case 0x517B, 0xFF53_4D42, 0xFE53_4D42: "SMB"
        case 0x0BD0_0BD0: "Lustre"
        case 0x5346_414F: "AFS"
        case 0x00C3_6400: "Ceph"
        case 0x4750_4653: "GPFS"
        case 0x1983_0326: "BeeGFS"
        case 0x0102_1997: "9P"
        default: nil
        }
    }
}
