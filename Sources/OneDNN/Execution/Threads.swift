import COneDNN

/// How many threads oneDNN takes for a call.
enum Threads {
    /// Counts for later calls from the calling thread alone: OpenMP keeps the number for each thread.
    static func use(_ count: Int) { omp_set_num_threads(Int32(clamping: count)) }
}
