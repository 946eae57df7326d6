#include "workload/data/download.hpp"

#include <cstdio>
#include <memory>

#include <curl/curl.h>

namespace syncline {
namespace {

struct Sink {
  std::FILE* file;
  std::uint64_t left;
};

/// libcurl's writer: any other number than the bytes offered ends the transfer.
std::size_t write_piece(char* data, std::size_t size, std::size_t count, void* target) {
  auto* sink = static_cast<Sink*>(target);
  const std::size_t bytes = size * count;
  if (bytes > sink->left) return 0;
  sink->left -= bytes;
  return std::fwrite(data, 1, bytes, sink->file);
}

std::optional<std::string> transfer(const std::string& url, Sink& sink) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  if (!curl) return "libcurl cannot start";
  CURL* handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1000L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 30L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &write_piece);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &sink);
  const CURLcode result = curl_easy_perform(handle);
  if (result != CURLE_OK) return curl_easy_strerror(result);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> download(const std::string& url, const std::filesystem::path& path,
                                    std::uint64_t most_bytes) {
  Sink sink{std::fopen(path.c_str(), "wbe"), most_bytes};
  if (sink.file == nullptr) return path.string() + " cannot be written";
  auto error = transfer(url, sink);
  // Buffered bytes are written here: a full disk shows only now.
  if (std::fclose(sink.file) != 0 && !error) error = path.string() + " cannot be written";
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
  return error;
}

}  // namespace syncline
