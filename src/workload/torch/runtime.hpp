#pragma once

#include <mutex>

#include <torch/torch.h>

namespace syncline {

/// Sets up libtorch for workers, once per process: one thread per operation, OpenBLAS held to one
/// thread, no profiling executor for TorchScript, and an allocator that keeps what it has.
void prepare_runtime();

/// Holds the calling thread to one OpenMP thread. Cheap after the first call on a thread.
void use_one_thread_here();

/// Guards libtorch's process-wide generator: whoever seeds it keeps this until the draws are done.
[[nodiscard]] std::mutex& generator_mutex();

/// cpu, cuda or cuda:N. Throws ConfigError for anything else and where libtorch has no CUDA.
[[nodiscard]] torch::Device parse_device(const std::string& text);

}  // namespace syncline
