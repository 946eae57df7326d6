#include "syncline/blas_threads.hpp"

#include <dlfcn.h>
#include <filesystem>

namespace syncline {
namespace {

/// The file that a loaded symbol comes from, links followed; "" if no such symbol is loaded.
std::string file_of(void* symbol) {
  Dl_info info{};
  if (symbol == nullptr || dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return "";
  std::error_code error;
  const auto file = std::filesystem::canonical(info.dli_fname, error);
  return error ? info.dli_fname : file.string();
}

}  // namespace

void hold_blas_to_one_thread() {
  // Looked up rather than called: a program that runs on another BLAS must still start.
  using SetThreads = void (*)(int);
  const auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set != nullptr) set(1);
}

std::optional<std::string> blas_warning() {
  const std::string products = file_of(dlsym(RTLD_DEFAULT, "sgemm_"));
  const std::string openblas = file_of(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  // Debian's libblas.so.3 may be OpenBLAS in a folder of that name, or OpenBLAS itself is linked.
  const bool in_use =
      !openblas.empty() && (products == openblas || products.find("openblas") != std::string::npos);
  if (in_use) return std::nullopt;
  return "matrix products run on " + (products.empty() ? "no known BLAS" : products) +
         ", not on OpenBLAS: training is 3 to 17 times slower; install libopenblas0-pthread "
         "(apt-get install libopenblas0-pthread) and let it provide libblas.so.3";
}

}  // namespace syncline
