import Findings
import FoundationEssentials
import Imaging
import SystemPackage

extension MaskImage {
    /// A mask from a PNG or a TIFF file, told apart by their first bytes; every pixel that is not zero is foreground.
    ///
    /// - Parameter line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    public init(truthAt path: String, line: Int) throws(EvaluationError) {
        do {
            let isPNG = try firstBytes(of: path, count: 4) == [0x89, 0x50, 0x4E, 0x47]
            self = isPNG ? try MaskImage(pngPath: path) : try MaskImage(tiffPath: path)
        } catch {
            throw EvaluationError(.unusableMask, "the mask in line \(line) of the manifest cannot be read: \(error)")
        }
    }
}

private func firstBytes(of path: String, count: Int) throws -> [UInt8] {
    // Without waiting: the name may be a pipe's.
    let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
    var bytes = [UInt8](repeating: 0, count: count)
    let length = try file.closeAfter { try bytes.withUnsafeMutableBytes { try file.read(into: $0) } }
    return Array(bytes.prefix(length))
}
