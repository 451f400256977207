import Glibc
import SystemPackage

/// The parts of a scan as they lie beside the file that it is known by.
///
/// Regular files in the scan's own folder, and nothing that a link leads to or that a path names: what the scan's files say of
/// themselves may be hostile.
public struct MultifileParts: ~Copyable {
    /// In the order of their bytes.
    public let names: [String]
    /// Where they are; nil where there is no such folder.
    private let folder: Int32?

    /// As many files as a scan may consist of.
    public static let mostParts = 1000
    /// And as many bytes.
    public static let mostBytes: Int64 = 1 << 40

    /// - Parameters:
    ///   - name: of the file that the scan is known by, in the folder that is open.
    /// - Throws: `inputOutput` for what cannot be listed or read, `limit` for too many parts. Parts that are not there are told by
    ///   whoever reads the scan.
    public init(
        _ form: MultifileForm, ofFileNamed name: some BidirectionalCollection<UInt8>, in folder: Int32
    ) throws(SlideError) {
        (names, self.folder) = try Self.list(form, name, in: folder)
    }

    private static func list(
        _ form: MultifileForm, _ name: some BidirectionalCollection<UInt8>, in folder: Int32
    ) throws(SlideError) -> (names: [String], folder: Int32?) {
        let own = form.partFolder(ofFileNamed: name)
        let place = if let own { try open(own, in: folder, O_DIRECTORY) } else { try duplicate(folder) }
        do throws(SlideError) {
            let names =
                own == nil ? try partNames(of: form, inText: name, folder) : try partNames(of: form, in: place)
            guard names.count <= mostParts else {
                throw SlideError(.limit, "the scan consists of more than \(mostParts) files")
            }
            return (names, place)
        } catch {
            if let place { Glibc.close(place) }
            throw error
        }
    }

    deinit { if let folder { Glibc.close(folder) } }

    /// What the file system says of a part; nil where there is no such regular file.
    public func status(of name: String) -> stat? {
        var status = stat()
        guard let folder, fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return status
    }

    /// Opens the parts that are there. Their descriptors are the caller's, who closes them.
    ///
    /// - Throws: `inputOutput` where one cannot be opened, `limit` for too many bytes; none is left open then.
    public func open() throws(SlideError) -> [ScanFiles.Part] {
        var parts: [ScanFiles.Part] = []
        var bytes: Int64 = 0
        do throws(SlideError) {
            for name in names where status(of: name) != nil {
                guard let folder, let descriptor = try Self.open(Array(name.utf8), in: folder, O_NONBLOCK | O_NOCTTY)
                else {
                    continue
                }
                parts.append(ScanFiles.Part(name: name, descriptor: descriptor))
                var status = stat()
                guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                    throw SlideError(.inputOutput, "a part of the scan is no regular file")
                }
                bytes = bytes.addingReportingOverflow(Int64(status.st_size)).partialValue
                guard (0...Self.mostBytes).contains(bytes) else {
                    throw SlideError(.limit, "the scan consists of more than \(Self.mostBytes >> 40) TiB")
                }
            }
        } catch {
            for part in parts { Glibc.close(part.descriptor) }
            throw error
        }
        return parts
    }

    private static func partNames(of form: MultifileForm, in folder: Int32?) throws(SlideError) -> [String] {
        guard let folder else { return [] }
        // The stream owns its descriptor.
        let copy = try duplicate(folder)
        guard let stream = fdopendir(copy) else {
            Glibc.close(copy)
            throw unreadable()
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count <= mostParts, let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if form.mayHavePart(named: bytes) { names.append(String(decoding: bytes, as: UTF8.self)) }
        }
        return sorted(names)
    }

    private static func partNames(
        of form: MultifileForm, inText name: some BidirectionalCollection<UInt8>, _ folder: Int32
    ) throws(SlideError) -> [String] {
        guard let file = try open(name, in: folder, O_NONBLOCK | O_NOCTTY) else { return [] }
        defer { Glibc.close(file) }
        var text = [UInt8](repeating: 0, count: HamamatsuText.longest + 1)
        let count = pread(file, &text, text.count, 0)
        guard count >= 0 else { throw unreadable() }
        guard count <= HamamatsuText.longest else { return [] }
        return sorted(
            HamamatsuText.partNames(in: Array(text[..<count])).filter { form.mayHavePart(named: Array($0.utf8)) })
    }

    private static func sorted(_ names: some Sequence<String>) -> [String] {
        names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// - Returns: nil where nothing is there, or a link, or no folder where one is wanted.
    private static func open(
        _ name: some Collection<UInt8>, in folder: Int32, _ flags: Int32
    ) throws(SlideError) -> Int32? {
        let path = name.map(CChar.init(bitPattern:)) + [0]
        let opened = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags)
        if opened >= 0 { return opened }
        if [ENOENT, ENOTDIR, ELOOP].contains(errno) { return nil }
        throw unreadable()
    }

    private static func duplicate(_ descriptor: Int32) throws(SlideError) -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw unreadable() }
        return copy
    }

    private static func unreadable() -> SlideError {
        SlideError(.inputOutput, "a part of the scan cannot be read: \(Errno(rawValue: errno))")
    }
}
