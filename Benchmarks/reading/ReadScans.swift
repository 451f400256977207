import Dispatch
import Glibc

// Compiled into one module with the sources of `TIFF`. A line on standard input is a request, `PATH` for all of level 0 or
// `PATH X,Y,WIDTH,HEIGHT ...` for regions of it; the answer is the milliseconds that passed, those that all threads
// computed together, and the sum of all bytes read.

/// Reads level 0 of a scan as the analysis does: each thread has a reader of its own.
struct ScanReading: Sendable {
    let path: String
    let threads: Int
    /// Rows of a tile.
    static let tileRows = 256

    /// All pixels, in a band of whole tiles for each thread.
    func all() throws(TIFFError) -> [RGBPixels] {
        let directory = try TIFFReader(path: path).firstDirectory()
        let (width, height) = (directory.displayedWidth, directory.displayedHeight)
        let tiles = (height + Self.tileRows - 1) / Self.tileRows
        let rows = (tiles + threads - 1) / threads * Self.tileRows
        return try regions(
            stride(from: 0, to: height, by: rows).map {
                PixelWindow(x: 0, y: $0, width: width, height: min(rows, height - $0))
            })
    }

    /// Regions, each whole, from top to bottom: each thread has a part of the image, so that few tiles are decoded twice.
    func regions(_ windows: [PixelWindow]) throws(TIFFError) -> [RGBPixels] {
        let ordered = windows.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
        nonisolated(unsafe) var results = [Result<[RGBPixels], TIFFError>](repeating: .success([]), count: threads)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results  // Each thread writes its own.
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                results[thread] = Result { () throws(TIFFError) in
                    let reader = try TIFFReader(path: path)
                    let directory = try reader.firstDirectory()
                    var pixels: [RGBPixels] = []
                    for window in ordered[ordered.count * thread / threads..<ordered.count * (thread + 1) / threads] {
                        pixels.append(try reader.readRGB(directory, window: window))
                    }
                    return pixels
                }
            }
        }
        var all: [RGBPixels] = []
        for result in results { all += try result.get() }
        return all
    }
}

extension TIFFReader {
    fileprivate func firstDirectory() throws(TIFFError) -> TIFFDirectory {
        guard let directory = directories.first else { throw TIFFError(.malformed, "no directory") }
        return try directory.get()
    }
}

@main
struct ReadScans {
    static func main() throws {
        let threads = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
        while let line = readLine() {
            let words = line.split(separator: " ")
            guard let path = words.first else { continue }
            let scan = ScanReading(path: String(path), threads: threads)
            let windows = words.dropFirst().compactMap(window)
            let start = Self.time()
            let pixels = try windows.isEmpty ? scan.all() : scan.regions(windows)
            answer(since: start)
            var sum = 0
            for window in pixels {
                window.bytes.withUnsafeBufferPointer { for byte in $0 { sum &+= Int(byte) } }
            }
            print(sum)
            fflush(nil)
        }
    }

    private static func window(_ text: Substring) -> PixelWindow? {
        let numbers = text.split(separator: ",").compactMap { Int($0) }
        guard numbers.count == 4 else { return nil }
        return PixelWindow(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }

    private static func answer(since start: (wall: Double, processor: Double)) {
        let end = time()
        print(1000 * (end.wall - start.wall), 1000 * (end.processor - start.processor), terminator: " ")
    }

    /// Seconds on the wall and of all threads' processors.
    private static func time() -> (wall: Double, processor: Double) {
        func seconds(_ clock: clockid_t) -> Double {
            var time = timespec()
            clock_gettime(clock, &time)
            return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
        }
        return (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    }
}
