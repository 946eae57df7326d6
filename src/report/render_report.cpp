#include <nlohmann/json.hpp>

#include "report/check_document.hpp"
#include "report/embed_document.hpp"
#include "report/page_template.hpp"
#include "syncline/report.hpp"

namespace syncline {

/// "Under 2 MB" with room to spare for mail gateways that count in other units.
constexpr std::size_t page_limit = 1'900'000;

std::string render_report(const nlohmann::ordered_json& document) {
  check_document(document);
  const std::size_t frame = page_head.size() + page_tail.size();
  const std::string data = embed_document(document, page_limit - frame);
  std::string page;
  page.reserve(frame + data.size());
  page.append(page_head).append(data).append(page_tail);
  return page;
}

}  // namespace syncline
