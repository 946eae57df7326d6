#include "workload/torch/runtime.hpp"

#include <malloc.h>

#include <torch/csrc/jit/runtime/graph_executor.h>

#include "syncline/blas_threads.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// By default glibc gives the pages of every large tensor back to the kernel and faults them in
/// again at the next batch: the larger CNN then takes up to 1.8 times as long.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int mebibyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * mebibyte);  // the largest that glibc accepts
  mallopt(M_TRIM_THRESHOLD, 1024 * mebibyte);
  mallopt(M_TOP_PAD, 64 * mebibyte);
#endif
}

}  // namespace

void prepare_runtime() {
  static std::once_flag once;
  std::call_once(once, [] {
    keep_freed_memory();
    hold_blas_to_one_thread();
    torch::jit::getProfilingMode() = false;  // it costs TorchScript models 10 %
  });
  use_one_thread_here();
}

void use_one_thread_here() {
  // OpenMP keeps the number of threads per calling thread, so each worker must say so itself.
  thread_local const bool done = [] {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    at::set_num_threads(1);
    return true;
  }();
  static_cast<void>(done);
}

std::mutex& generator_mutex() {
  static std::mutex mutex;
  return mutex;
}

torch::Device parse_device(const std::string& text) {
  const bool numbered = text.starts_with("cuda:") && text.size() > 5 && text.size() < 8 &&
                        text.find_first_not_of("0123456789", 5) == std::string::npos;
  if (text != "cpu" && text != "cuda" && !numbered) {
    throw ConfigError("unknown device '" + text + "': write cpu, cuda or cuda:N");
  }
  const torch::Device device(text);
  if (device.is_cuda() && device.index() >= static_cast<int>(torch::cuda::device_count())) {
    throw ConfigError("device '" + text + "' is out of reach: this libtorch sees " +
                      std::to_string(torch::cuda::device_count()) +
                      " CUDA devices (Debian's libtorch is built without CUDA; build Syncline "
                      "against a CUDA build of libtorch, or use --device cpu)");
  }
  if (device.is_cuda() && !torch::cuda::is_available()) {
    throw ConfigError("device '" + text +
                      "' is out of reach: this libtorch has no CUDA, or there is no GPU; use "
                      "--device cpu, or build Syncline against a CUDA build of libtorch");
  }
  return device;
}

}  // namespace syncline
