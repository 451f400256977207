import Findings
import Glibc
import SystemPackage

extension stat {
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}

/// The absolute path without links; nil with `errno` where there is no such file.
func realPath(_ path: String) -> ScanPath? { resolvedPath(realpath(path, nil)) }

func realPath(_ path: ScanPath) -> ScanPath? { resolvedPath(path.withCString { realpath($0, nil) }) }

/// - Parameter resolved: is freed.
private func resolvedPath(_ resolved: UnsafeMutablePointer<CChar>?) -> ScanPath? {
    guard let resolved else { return nil }
    defer { free(resolved) }
    return ScanPath(bytes: UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map(UInt8.init(bitPattern:)))
}

func unreadable(_ code: Int32) -> AnalysisFailure {
    AnalysisFailure(stage: .open, code: .inputOutput, message: "cannot be read: \(Errno(rawValue: code))")
}
