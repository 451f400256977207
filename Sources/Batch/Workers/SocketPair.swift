import Glibc
import SystemPackage

/// Two connected sockets, neither of which a process inherits unless it is handed to it.
package struct SocketPair: ~Copyable {
    package let ours: OpenFile
    package let theirs: OpenFile

    package init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        ours = OpenFile(owning: FileDescriptor(rawValue: ends[0]))
        theirs = OpenFile(owning: FileDescriptor(rawValue: ends[1]))
    }
}
