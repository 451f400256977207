import FoundationEssentials

/// Makes the folder that takes an export's files.
public func createFolder(_ path: String) throws(ExportError) {
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw ExportError(.cannotCreate, "\(path): cannot be created")
    }
}
