#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace syncline {

/// Memory for arrays that are read at random: aligned to cache lines and, where it is megabytes, on
/// large pages if the system gives any (Linux, madvise). With a million workers most of the time of
/// an event goes into misses of the cache and of the page table; large pages avoid the latter.
template <class T>
struct LargePageAllocator {
  using value_type = T;

  LargePageAllocator() = default;
  template <class U>
  LargePageAllocator(const LargePageAllocator<U>&) {}  // NOLINT: allocators convert

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    const std::size_t alignment = bytes >= large_page ? large_page : cache_line;
    // aligned_alloc wants a multiple of the alignment.
    const std::size_t size = (bytes + alignment - 1) / alignment * alignment;
    void* memory = std::aligned_alloc(alignment, size);
    if (memory == nullptr) throw std::bad_alloc();
    // Only advice: without large pages everything works, slower.
    if (alignment == large_page) static_cast<void>(madvise(memory, size, MADV_HUGEPAGE));
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }

  template <class U>
  bool operator==(const LargePageAllocator<U>&) const {
    return true;
  }

 private:
  static constexpr std::size_t cache_line = 64;
  static constexpr std::size_t large_page = std::size_t{2} << 20;
};

}  // namespace syncline
