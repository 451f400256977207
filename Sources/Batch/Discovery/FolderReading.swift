import Analysis
import CLinux
import Findings
import Glibc
import Slides
import SystemPackage

/// Opens what lies at a relative path in a folder, name by name: no link is followed on the way, and the way may be longer
/// than the system takes for a path.
///
/// - Parameter flags: for the last name.
func openPlace(_ path: ScanPath, in folder: ScanPath, flags: Int32) throws(AnalysisFailure) -> OpenFile {
    let names = path.names
    guard names.count <= FolderWalk.depthLimit else {
        throw AnalysisFailure(
            stage: .open, code: .limit, message: "it lies in more than \(FolderWalk.depthLimit) folders")
    }
    guard let last = names.last else { return try open(folder, in: AT_FDCWD, flags: flags) }
    var place = try open(folder, in: AT_FDCWD, flags: clinux_open_place | O_DIRECTORY)
    for name in names.dropLast() {
        place = try open(
            ScanPath(name), in: place.number, flags: clinux_open_place | O_DIRECTORY | O_NOFOLLOW)
    }
    return try open(ScanPath(last), in: place.number, flags: flags | O_NOFOLLOW)
}

/// Opens a scan that was seen before, links followed as they were then.
package func openRecorded(_ file: ScanPath) throws(AnalysisFailure) -> OpenedScan {
    let opened = try open(file, in: AT_FDCWD, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    // Parts lie beside the file, not beside a link to it.
    let place = realPath(file) ?? file
    return try openParts(of: opened, named: place) { () throws(AnalysisFailure) in
        try open(place.parent, in: AT_FDCWD, flags: clinux_open_place | O_DIRECTORY)
    }
}

/// The scan of an open file, with the parts that lie beside it.
///
/// - Parameter openFolder: opens the folder that holds the file.
func openParts(
    of file: consuming OpenFile, named path: ScanPath, openFolder: () throws(AnalysisFailure) -> OpenFile
) throws(AnalysisFailure) -> OpenedScan {
    let name = ScanPath(path.lastComponent ?? "").bytes
    return try OpenedScan(owning: file.release(), named: name) { (form) throws(AnalysisFailure) in
        let folder = try openFolder()
        do throws(SlideError) {
            return try MultifileParts(form, ofFileNamed: name, in: folder.number).open()
        } catch {
            throw AnalysisFailure(error, stage: .open)
        }
    }
}

private func open(_ path: ScanPath, in folder: Int32, flags: Int32) throws(AnalysisFailure) -> OpenFile {
    let opened = path.withCString { openat(folder, $0, flags | O_CLOEXEC) }
    guard opened >= 0 else { throw unreadable(errno) }
    return OpenFile(owning: FileDescriptor(rawValue: opened))
}

/// A folder that is open for listing.
struct OpenFolder: ~Copyable {
    private let descriptor: OpenFile

    init(_ path: ScanPath, in folder: ScanPath) throws(AnalysisFailure) {
        descriptor = try openPlace(path, in: folder, flags: O_RDONLY | O_DIRECTORY)
    }

    /// What is in it but what starts with a dot, in no order.
    func entries() throws(AnalysisFailure) -> FolderEntries {
        // The stream owns its descriptor.
        let copy = fcntl(descriptor.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else { throw unreadable(errno) }
        defer { closedir(stream) }
        var entries = FolderEntries()
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard bytes.first != UInt8(ascii: ".") else { continue }
            let name = ScanPath(bytes: bytes).text
            let isFolder =
                switch Int(entry.pointee.d_type) {
                case DT_DIR: true
                case DT_LNK, DT_UNKNOWN: status(of: name, following: true)?.isFolder ?? false
                default: false
                }
            entries.append(name, isFolder: isFolder)
        }
        guard errno == 0 else { throw unreadable(errno) }
        return entries
    }

    /// What an entry is; nil with `errno` where that cannot be told.
    ///
    /// - Parameter following: whether a link stands for what it leads to.
    func status(of name: String, following: Bool = false) -> stat? {
        var status = stat()
        let flags = following ? 0 : AT_SYMLINK_NOFOLLOW
        let answer = ScanPath(name).withCString { fstatat(descriptor.number, $0, &status, flags) }
        return answer == 0 ? status : nil
    }

    /// Where a link leads to in the end: absolute and free of links; nil where it leads nowhere.
    func target(of name: String) -> ScanPath? {
        guard let resolved = ScanPath("/proc/self/fd/\(descriptor.number)/\(name)").withCString({ realpath($0, nil) })
        else {
            return nil
        }
        defer { free(resolved) }
        return ScanPath(
            bytes: UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map(UInt8.init(bitPattern:)))
    }

    func withDescriptor<Answer>(_ body: (Int32) -> Answer) -> Answer { body(descriptor.number) }

    /// Of the folder itself.
    var status: stat? {
        var status = stat()
        return fstat(descriptor.number, &status) == 0 ? status : nil
    }
}
