#include <iterator>
#include <sstream>

#include <toml++/toml.h>

#include "base/open_to_read.hpp"
#include "syncline/error.hpp"
#include "syncline/options.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

/// A TOML scalar as the text that the command line would hold, so that both ways in share one
/// check; nullopt where the TOML type does not fit the option's.
struct ScalarText {
  const toml::node& node;

  std::optional<std::string> operator()(bool*) const {
    if (const auto* value = node.as_boolean()) return value->get() ? "true" : "false";
    return std::nullopt;
  }
  std::optional<std::string> operator()(std::uint32_t*) const { return number(); }
  std::optional<std::string> operator()(std::uint64_t*) const { return number(); }
  std::optional<std::string> operator()(double*) const { return number(); }
  std::optional<std::string> operator()(std::string*) const { return text(node); }
  std::optional<std::string> operator()(std::vector<std::string>*) const {
    return list([](const toml::node& item) { return text(item); });
  }
  std::optional<std::string> operator()(std::vector<double>*) const {
    return list([](const toml::node& item) { return ScalarText{item}.number(); });
  }

  static std::optional<std::string> text(const toml::node& item) {
    if (const auto* value = item.as_string()) return value->get();
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string> number() const {
    if (!node.is_number()) return std::nullopt;
    std::ostringstream stream;
    if (const auto* whole = node.as_integer()) stream << whole->get();
    if (const auto* real = node.as_floating_point()) {
      stream.precision(17);
      stream << real->get();
    }
    return stream.str();
  }
  template <class ItemText>
  [[nodiscard]] std::optional<std::string> list(const ItemText& item_text) const {
    const auto* array = node.as_array();
    if (array == nullptr) return std::nullopt;
    std::string joined;
    for (const auto& item : *array) {
      const auto piece = item_text(item);
      if (!piece) return std::nullopt;
      joined += (joined.empty() ? "" : ",") + *piece;
    }
    return joined;
  }
};

std::string position(const std::string& name, const toml::source_region& source) {
  return name + ":" + std::to_string(source.begin.line) + ":" + std::to_string(source.begin.column);
}

bool is_section(const std::string& prefix) {
  for (const auto& option : options()) {
    if (option.key.compare(0, prefix.size() + 1, prefix + ".") == 0) return true;
  }
  return false;
}

void apply_table(Settings& settings, const toml::table& table, const std::string& prefix,
                 const std::string& name) {
  for (const auto& [toml_key, node] : table) {
    const std::string key = prefix + std::string(toml_key.str());
    const std::string where = position(name, toml_key.source());
    if (node.is_table() && is_section(key)) {
      apply_table(settings, *node.as_table(), key + ".", name);
      continue;
    }
    try {
      if (node.is_table() && prefix.empty()) {
        std::vector<std::string> sections;
        for (const auto& option : options()) {
          sections.push_back(option.key.substr(0, option.key.find('.')));
        }
        const auto near = nearest_name(key, sections);
        throw ConfigError("unknown section [" + key + "]" +
                          (near ? "; did you mean [" + *near + "]?" : ""));
      }
      const Option& option = find_option(key);
      const auto text = std::visit(ScalarText{node}, option.place(settings));
      if (!text) throw ConfigError(key + " must be a " + type_name(option));
      set_from_text(settings, option, *text, key);
    } catch (const ConfigError& error) {
      throw ConfigError(where + ": " + error.what());
    }
  }
}

}  // namespace

void apply_toml(Settings& settings, std::string_view text, const std::string& name) {
  toml::table table;
  try {
    table = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    throw ConfigError(position(name, error.source()) + ": " + std::string(error.description()));
  }
  apply_table(settings, table, "", name);
}

void apply_toml_file(Settings& settings, const std::string& path) {
  std::ifstream file = open_to_read(path, "the configuration");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  apply_toml(settings, text, path);
}

}  // namespace syncline
