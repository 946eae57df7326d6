#include "metrics/fetch_metrics.hpp"

#include <memory>

#include <curl/curl.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Some 100,000 workers.
constexpr std::size_t most_bytes = std::size_t{1} << 28U;

/// libcurl's writer: any other number than the bytes offered ends the transfer.
std::size_t append(char* data, std::size_t size, std::size_t count, void* target) {
  auto& text = *static_cast<std::string*>(target);
  if (text.size() + size * count > most_bytes) return 0;
  text.append(data, size * count);
  return size * count;
}

}  // namespace

std::string fetch_metrics(const std::string& address) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  if (!curl) throw DataError("libcurl cannot start");
  CURL* handle = curl.get();
  std::string text;
  const std::string url = "http://" + address + "/metrics";
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http");
  // A proxy of the environment is none between this program and a run.
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &text);
  const CURLcode result = curl_easy_perform(handle);
  if (result != CURLE_OK) {
    throw DataError("no metrics from " + url + ": " + curl_easy_strerror(result));
  }
  return text;
}

}  // namespace syncline
