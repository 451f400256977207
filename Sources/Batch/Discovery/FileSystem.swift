import Findings
import Glibc

/// What a path is, links not followed; nil with `errno` where that cannot be told.
func fileStatus(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
}

extension stat {
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}

/// The absolute path without links; nil with `errno` where there is no such file.
func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// A name in a folder; one that is not UTF-8 is shown repaired.
struct FolderEntry: Sendable {
    let text: String
    let isExact: Bool
}

/// The names in a folder but those that start with a dot, in no order.
func listFolder(_ path: String) -> Result<[FolderEntry], AnalysisFailure> {
    guard let folder = opendir(path) else { return .failure(unreadable(errno)) }
    defer { closedir(folder) }
    var names: [FolderEntry] = []
    while true {
        errno = 0
        guard let entry = readdir(folder) else { break }
        let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        guard bytes.first != UInt8(ascii: ".") else { continue }
        let exact = String(validating: bytes, as: UTF8.self)
        names.append(FolderEntry(text: exact ?? String(decoding: bytes, as: UTF8.self), isExact: exact != nil))
    }
    return errno == 0 ? .success(names) : .failure(unreadable(errno))
}

func unreadable(_ code: Int32) -> AnalysisFailure {
    AnalysisFailure(stage: .open, code: .inputOutput, message: "cannot be read: \(systemMessage(code))")
}

func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}

func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? "/"
}

/// - Precondition: `path` is absolute.
func parent(_ path: String) -> String {
    let components = path.split(separator: "/").dropLast()
    return "/" + components.joined(separator: "/")
}
