// Random tickets: the golden counts of the smart ratios, and one mask for all who share a seed.

#include <algorithm>
#include <cmath>
#include <tuple>

#include <doctest/doctest.h>

#include "codec/samples.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::resnet32;
using testing::tiny_net;
using testing::vgg19;

Ticket ticket_of(const std::string& text, const CodecContext& context) {
  return *make_codec<float>(text, context)->ticket();
}

std::size_t sum_kept(const Ticket& ticket) {
  std::size_t kept = 0;
  for (const TicketLayer& layer : ticket.layers) kept += layer.kept;
  return kept;
}

/// Ratios of layers first, first + 1, ..., to four places; a count may be off by one.
void has_ratios(const Ticket& ticket, std::size_t first, const std::vector<double>& ratios) {
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const TicketLayer& layer = ticket.layers[first + i];
    CAPTURE(layer.name);
    const auto size = static_cast<double>(layer.size);
    CHECK(std::abs(static_cast<double>(layer.kept) - ratios[i] * size) <= 1 + 0.5e-4 * size);
  }
}

struct Golden {
  std::string text;
  std::size_t kept;
  double megabytes;  ///< of a message, biases and batch norm included
};

void matches(const Golden& golden, const CodecContext& context, double tolerance) {
  CAPTURE(golden.text);
  const auto codec = make_codec<float>(golden.text, context);
  CHECK(sum_kept(*codec->ticket()) == golden.kept);
  CHECK(std::abs(static_cast<double>(codec->wire_bytes()) / 1e6 - golden.megabytes) <= tolerance);
}

TEST_CASE("tickets of ResNet32, three sparsities, keep the golden counts") {
  const CodecContext context = resnet32();
  matches({"ticket(0.90)", 185541, 0.762}, context, 0.0005);
  matches({"ticket(0.95)", 92761, 0.391}, context, 0.0005);
  matches({"ticket(0.98)", 37094, 0.168}, context, 0.0005);
  const Ticket sparse = ticket_of("ticket(0.98)", context);
  REQUIRE(sparse.layers.size() == 34);
  has_ratios(sparse, 0, {0.1584, 0.1493, 0.1405});
  has_ratios(sparse, 32, {0.0008, 0.3});
  const Ticket dense = ticket_of("ticket(0.90)", context);
  has_ratios(dense, 0, {0.7984, 0.7528, 0.7085});
  has_ratios(dense, 31, {0.0081, 0.0040, 0.3});
}

TEST_CASE("tickets of VGG19, three sparsities, keep the golden counts with their surplus") {
  const CodecContext context = vgg19();
  matches({"ticket(0.90, vgg=yes)", 2002392, 8.08}, context, 0.005);
  matches({"ticket(0.95, vgg=yes)", 1001192, 4.07}, context, 0.005);
  matches({"ticket(0.98, vgg=yes)", 400474, 1.67}, context, 0.005);
  const Ticket sparse = ticket_of("ticket(0.98, vgg=yes)", context);
  REQUIRE(sparse.layers.size() == 17);
  has_ratios(sparse, 0, {1, 1, 0.8384});
  has_ratios(sparse, 15, {0.0005, 0.3});
  has_ratios(ticket_of("ticket(0.90, vgg=yes)", context), 0,
             {1, 1, 1, 1, 1, 1, 0.3177, 0.1731, 0.1119, 0.0725, 0.0466, 0.0294, 0.0179, 0.0103,
              0.0054, 0.0024, 0.3});
}

TEST_CASE("a ticket of uniform shape keeps one ratio of all convolutions") {
  const CodecContext context = resnet32();
  const double ratio = (37111.0 - 384) / (1855584 - 1280);
  has_ratios(ticket_of("ticket(0.98, shape=uniform)", context), 0, std::vector<double>(33, ratio));
}

TEST_CASE("a ticket without convolutions keeps 1 - sparsity of each linear layer") {
  testing::LayoutBuilder net;
  net.linear("fc1", 20, 10);
  net.linear("fc2", 10, 4);
  const Ticket ticket = ticket_of("ticket(0.75)", net.context(1));
  CHECK(ticket.layers == std::vector<TicketLayer>{{"fc1.weight", 200, 50}, {"fc2.weight", 40, 10}});
}

TEST_CASE("a ticket, its coordinates counted by tensor, keeps its counts and all that is small") {
  const CodecContext context = tiny_net();
  const Ticket ticket = ticket_of("ticket(0.6)", context);
  CHECK(std::is_sorted(ticket.kept.begin(), ticket.kept.end()));
  std::size_t total = 0;
  for (const NamedTensor& tensor : context.layout) {
    if (tensor.offset >= context.dimension) continue;
    CAPTURE(tensor.name);
    std::size_t size = 1;
    for (const auto n : tensor.shape) size *= static_cast<std::size_t>(n);
    const auto kept = std::count_if(ticket.kept.begin(), ticket.kept.end(), [&](std::size_t i) {
      return i >= tensor.offset && i < tensor.offset + size;
    });
    const auto layer = std::find_if(ticket.layers.begin(), ticket.layers.end(),
                                    [&](const auto& l) { return l.name == tensor.name; });
    CHECK(static_cast<std::size_t>(kept) == (layer == ticket.layers.end() ? size : layer->kept));
    total += static_cast<std::size_t>(kept);
  }
  CHECK(ticket.kept.size() == total);
}

TEST_CASE("tickets, equal layout and seed, are equal; otherwise they differ") {
  const Ticket ticket = ticket_of("ticket(0.6)", tiny_net(5));
  const auto same = [&](const Ticket& other) {
    CHECK((ticket.kept == other.kept) == (ticket.digest == other.digest));
    return ticket.kept == other.kept;
  };
  CHECK(same(ticket_of("ticket(0.6)", tiny_net(5))));
  CHECK(same(ticket_of("ticket(sparsity=0.6, seed=5)", tiny_net(6))));
  CodecContext pull = tiny_net(5);
  pull.direction = Direction::pull;
  CHECK(same(*make_codec<double>("ticket(0.6)", pull)->ticket()));
  CHECK_FALSE(same(ticket_of("ticket(0.6)", tiny_net(6))));
  CHECK_FALSE(same(ticket_of("ticket(0.65)", tiny_net(5))));
  CHECK_FALSE(same(ticket_of("ticket(0.6, shape=uniform)", tiny_net(5))));
}

/// A layout whose file "trained" holds normal numbers for all of a state.
CodecContext with_trained(CodecContext context, std::vector<double>& state) {
  const NamedTensor& last = context.layout.back();
  std::size_t length = last.offset;
  std::size_t size = 1;
  for (const auto n : last.shape) size *= static_cast<std::size_t>(n);
  state.resize(length += size);
  DrawStream draws(Stream::initial, {3, 0, 0});
  for (double& x : state) x = draws.normal();
  context.read_weights = [&state](const std::string& file) {
    CHECK(file == "trained");
    return state;
  };
  return context;
}

TEST_CASE("a hybrid ticket keeps the golden counts, and in each layer the largest weights") {
  std::vector<double> state;
  for (const auto& [text, context, kept] :
       {std::tuple("0.98, weights=trained", resnet32(), std::size_t{37094}),
        std::tuple("0.90, weights=trained", resnet32(), std::size_t{185541}),
        std::tuple("0.98, vgg=yes, weights=trained", vgg19(), std::size_t{400474})}) {
    CAPTURE(text);
    const CodecContext trained = with_trained(context, state);
    const Ticket ticket = ticket_of("ticket(" + std::string(text) + ")", trained);
    const std::string own = std::string(text).substr(0, std::string(text).rfind(','));
    const Ticket random = ticket_of("ticket(" + own + ")", context);
    CHECK(sum_kept(ticket) == kept);
    CHECK(ticket.layers == random.layers);
    CHECK(ticket.kept.size() == random.kept.size());
    CHECK(ticket.kept != random.kept);
    CHECK(ticket.start == state);
    CHECK(random.start.empty());
    CHECK(std::is_sorted(ticket.kept.begin(), ticket.kept.end()));
    std::vector<bool> is_kept(context.dimension, false);
    for (const std::uint32_t i : ticket.kept) is_kept[i] = true;
    for (const TicketLayer& layer : ticket.layers) {
      const auto tensor = std::find_if(context.layout.begin(), context.layout.end(),
                                       [&](const auto& t) { return t.name == layer.name; });
      std::size_t count = 0;
      double least_kept = INFINITY;
      double largest_left = 0;
      for (std::size_t i = tensor->offset; i < tensor->offset + layer.size; ++i) {
        if (is_kept[i]) {
          ++count;
          least_kept = std::min(least_kept, std::abs(state[i]));
        } else {
          largest_left = std::max(largest_left, std::abs(state[i]));
        }
      }
      CHECK(count == layer.kept);
      CHECK(least_kept > largest_left);
    }
  }
}

TEST_CASE("a hybrid ticket of equal weights keeps the first, and one of NaN is refused") {
  std::vector<double> state;
  testing::LayoutBuilder net;
  net.linear("fc", 4, 2);
  const CodecContext context = with_trained(net.context(1), state);
  state.assign(state.size(), -1.0);
  state[6] = 1.5;
  CHECK(ticket_of("ticket(0.5, weights=trained)", context).kept ==
        std::vector<std::uint32_t>{0, 1, 2, 6, 8, 9});
  state[3] = std::nan("");
  CHECK_THROWS_AS(ticket_of("ticket(0.5, weights=trained)", context), DataError);
  CHECK_THROWS_AS(ticket_of("ticket(0.5, weights=trained, seed=2)", context), ConfigError);
  CHECK_THROWS_AS(ticket_of("ticket(0.5, weights=trained)", tiny_net()), ConfigError);
}

TEST_CASE("a vector under a ticket, sent, is 0 outside and itself inside") {
  const CodecContext context = tiny_net();
  const auto codec = make_codec<double>("ticket(0.6)", context);
  std::vector<double> memory, sent(context.dimension, 2.5), expected(context.dimension);
  for (const std::uint32_t i : codec->ticket()->kept) expected[i] = 2.5;
  codec->transmit(sent, {}, memory);
  CHECK(sent == expected);
}

TEST_CASE("tickets that can't be, refused, say why") {
  const auto refusal = [](const char* text, const CodecContext& context) -> std::string {
    try {
      return "kept " + std::to_string(sum_kept(ticket_of(text, context)));
    } catch (const ConfigError& error) {
      return error.what();
    }
  };
  const auto has = [](const std::string& text, const char* part) {
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  };
  CodecContext plain;
  plain.dimension = 10;
  has(refusal("ticket(0.5)", plain), "no weights of two or four dimensions");
  has(refusal("ticket(0.1)", tiny_net()), "linear_keep must be higher");
  has(refusal("ticket(0.95)", tiny_net()), "linear_keep must be lower");
  testing::LayoutBuilder net;
  net.linear("fc", 90, 10);
  net.convolution("last", 1, 1, 1);
  has(refusal("ticket(0.5, linear_keep=0.1, vgg=yes)", net.context(1)), "must be higher");
  net.linear("more", 3, 3);
  has(refusal("ticket(0.5, linear_keep=2)", net.context(1)), "at most 1");
  has(refusal("ticket(0.6, linear_keep=0)", tiny_net()), "none of the 16 weights of fc.weight");
}

}  // namespace
}  // namespace syncline
