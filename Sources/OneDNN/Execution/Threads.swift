import COneDNN

/// The threads that one run of a network shares: OpenMP's, which oneDNN works with.
enum Threads {
    /// Counts for later calls from the calling thread alone: OpenMP keeps the number for each thread.
    static func use(_ count: Int) { omp_set_num_threads(Int32(clamping: count)) }

    /// Of the calling thread: as many as it was last told to use.
    static var count: Int { Int(omp_get_max_threads()) }

    /// Calls `body` on up to `count` threads at once, and returns when all are done.
    ///
    /// - Parameter body: takes the thread's number and how many there are.
    static func perform(_ count: Int, _ body: (_ thread: Int, _ threads: Int) -> Void) {
        guard count > 1 else { return body(0, 1) }
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { body in
                GOMP_parallel(
                    { body in
                        let body = body?.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee
                        body?(Int(omp_get_thread_num()), Int(omp_get_num_threads()))
                    }, UnsafeMutableRawPointer(mutating: body), UInt32(count), 0)
            }
        }
    }
}
