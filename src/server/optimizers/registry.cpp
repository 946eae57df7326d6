#include "base/both_precisions.hpp"
#include "server/optimizers/adam.hpp"
#include "server/optimizers/delayed_nesterov.hpp"
#include "server/optimizers/global_momentum.hpp"
#include "server/optimizers/momentum.hpp"
#include "server/optimizers/normalised.hpp"
#include "server/optimizers/sgd.hpp"

namespace syncline {
namespace {

template <template <class> class Kind>
OptimizerFactory both() {
  return in_both_precisions<OptimizerFactory, Kind>();
}

}  // namespace

const Registry<OptimizerFactory>& optimizers() {
  static const Registry<OptimizerFactory> registry(
      "optimizer", {{"sgd", "w <- w - eta g", "Robbins and Monro 1951", {}, both<Sgd>()},
                    {"momentum",
                     "heavy ball: v <- mu v + g, w <- w - eta v",
                     "Polyak 1964; PyTorch's definition",
                     {{"momentum", "mu, 0 <= mu < 1", "0.9"}},
                     both<HeavyBall>()},
                    {"nesterov",
                     "v <- mu v + g, w <- w - eta (g + mu v)",
                     "Nesterov 1983; PyTorch's definition",
                     {{"momentum", "mu, 0 <= mu < 1", "0.9"}},
                     both<Nesterov>()},
                    {"adam",
                     "step by running moments, with bias correction",
                     "Kingma and Ba, arXiv 1412.6980",
                     {{"beta1", "decay of the first moment", "0.9"},
                      {"beta2", "decay of the second moment", "0.999"},
                      {"epsilon", "added to the root of the second moment", "1e-8"}},
                     both<Adam>()},
                    {"normalised",
                     "m <- (1 - a) m + a g, w <- w - eta m / ||m||",
                     "the Euclidean case of arXiv 2605.18174",
                     {{"averaging", "a, above 0 to 1; 0: 1 / sqrt(k) at step k", "0"}},
                     both<Normalised>()},
                    {"delayed-nesterov",
                     "momentum that moves only every so many steps: for stale gradients",
                     "Liu et al., arXiv 2401.09135",
                     {{"momentum", "beta, 0 <= beta < 1", "0.9"},
                      {"period", "steps between two changes of the momentum", "8"},
                      {"share", "c, of the momentum in every step, 0 to 1 / period", "0"}},
                     both<DelayedNesterov>()},
                    {"global-momentum",
                     "u <- b d + (1 - b) (u + e), w <- w - eta u, from payloads of two vectors",
                     "FedGLOMO: Das et al., arXiv 2012.04061",
                     {{"beta", "b, above 0 to 1", "0.2"}},
                     both<GlobalMomentum>()}});
  return registry;
}

template <class Real>
std::unique_ptr<Optimizer<Real>> make_optimizer(std::string_view text, std::size_t dimension) {
  return make_in_precision<Real>(optimizers(), text, dimension);
}
template std::unique_ptr<Optimizer<float>> make_optimizer(std::string_view, std::size_t);
template std::unique_ptr<Optimizer<double>> make_optimizer(std::string_view, std::size_t);

}  // namespace syncline
