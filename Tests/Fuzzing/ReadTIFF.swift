import Glibc

// Compiled into one module with the sources of `TIFF`, so that libFuzzer sees their branches, too.

/// A file in memory that holds the input: the reader reads files.
private let scratch: Int32 = {
    let name = "/scanreport-fuzzing-\(getpid())"
    let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    precondition(descriptor >= 0, "no scratch file can be made")
    shm_unlink(name)
    return descriptor
}()

/// Small, so that an input takes milliseconds: what is looked for does not need size.
private let limits: TIFFLimits = {
    var limits = TIFFLimits.default
    limits.maximumTileBytes = 1 << 20
    limits.maximumCacheBytes = 1 << 20
    limits.maximumWindowBytes = 1 << 20
    limits.freeExpansionBytes = 4 << 20
    limits.maximumDirectories = 32
    return limits
}()

/// What libFuzzer calls. The reader may refuse with a `TIFFError` of one line, and nothing else.
@_cdecl("LLVMFuzzerTestOneInput")
public func readTIFF(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard ftruncate(scratch, 0) == 0, pwrite(scratch, bytes, count, 0) == count else { return 0 }
    do throws(TIFFError) {
        let reader = try TIFFReader(fileDescriptor: scratch, limits: limits)
        readAll(reader.directories, with: reader)
    } catch { check(error) }
    return 0
}

private func readAll(_ directories: [Result<TIFFDirectory, TIFFError>], with reader: TIFFReader) {
    for directory in directories {
        do throws(TIFFError) {
            let directory = try directory.get()
            readAll(directory.subdirectories, with: reader)
            let window = PixelWindow(
                x: directory.displayedWidth / 3, y: directory.displayedHeight / 3,
                width: min(100, directory.displayedWidth - directory.displayedWidth / 3),
                height: min(100, directory.displayedHeight - directory.displayedHeight / 3))
            _ = try reader.readRGB(directory, window: window)
            _ = try reader.statistics(of: directory)
            _ = try reader.bytes(of: .iccProfile, in: directory)
            _ = try reader.bytes(of: .imageJMetadata, in: directory)
            _ = try reader.words(of: .imageJMetadataSizes, in: directory)
        } catch { check(error) }
    }
}

private func check(_ error: TIFFError) {
    let isOneLine = !error.description.isEmpty && !error.description.contains(where: \.isNewline)
    precondition(isOneLine, "an error of no or several lines")
}
