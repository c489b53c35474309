#include "worker/worlds/scml_oneshot/negotiation.hpp"

namespace joust::worlds::scml {

NegotiationTable::NegotiationTable(int factories)
    : opened_by_(static_cast<std::size_t>(factories)),
      answered_by_(static_cast<std::size_t>(factories)) {}

void NegotiationTable::clear() {
  negotiations_.clear();
  for (auto& ids : opened_by_) ids.clear();
  for (auto& ids : answered_by_) ids.clear();
  live_ = 0;
  counts_ = {};
}

void NegotiationTable::open(int opener, int responder, bool opener_buys, int product,
                            const Issues& issues) {
  const int id = static_cast<int>(negotiations_.size());
  negotiations_.push_back({opener, responder, product, &issues, opener_buys, true, false, {}});
  opened_by_[static_cast<std::size_t>(opener)].push_back(id);
  answered_by_[static_cast<std::size_t>(responder)].push_back(id);
  ++live_;
  ++counts_.opened;
}

void NegotiationTable::run(int rounds, NegotiationParties& parties) {
  for (int round = 0; round < rounds && live_ > 0; ++round) {
    act_for_side(opened_by_, round, parties);
    act_for_side(answered_by_, round, parties);
  }
  counts_.timed_out = live_;
}

void NegotiationTable::act_for_side(const std::vector<std::vector<int>>& side, int round,
                                    NegotiationParties& parties) {
  for (std::size_t factory = 0; factory < side.size(); ++factory) {
    acting_.clear();
    for (const int id : side[factory]) {
      if (negotiations_[static_cast<std::size_t>(id)].live) acting_.push_back(id);
    }
    if (acting_.empty()) continue;
    const int who = static_cast<int>(factory);
    if (parties.synchronous(who)) {
      act_for(who, round, acting_, parties);
      continue;
    }
    for (const int& id : acting_) act_for(who, round, {&id, 1}, parties);
  }
}

void NegotiationTable::act_for(int factory, int round, std::span<const int> ids,
                               NegotiationParties& parties) {
  talks_.clear();
  for (const int id : ids) {
    talks_.push_back(talk_of(negotiations_[static_cast<std::size_t>(id)], factory));
  }
  replies_.assign(ids.size(), Reply::end());
  parties.act(factory, round, talks_, replies_);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    apply(negotiations_[static_cast<std::size_t>(ids[i])], replies_[i], parties);
  }
}

Talk NegotiationTable::talk_of(const Negotiation& negotiation, int factory) const {
  const bool is_opener = negotiation.opener == factory;
  return {is_opener ? negotiation.responder : negotiation.opener,
          is_opener != negotiation.opener_buys, negotiation.has_offer, negotiation.offer};
}

void NegotiationTable::apply(Negotiation& negotiation, const Reply& reply,
                             NegotiationParties& parties) {
  if (reply.kind == Reply::Kind::propose && negotiation.issues->contains(reply.offer)) {
    negotiation.offer = reply.offer;
    negotiation.has_offer = true;
    return;
  }
  negotiation.live = false;
  --live_;
  if (reply.kind != Reply::Kind::accept || !negotiation.has_offer) return;
  ++counts_.agreed;
  const int buyer = negotiation.opener_buys ? negotiation.opener : negotiation.responder;
  const int seller = negotiation.opener_buys ? negotiation.responder : negotiation.opener;
  parties.agreed({buyer, seller, negotiation.product, negotiation.offer});
}

}  // namespace joust::worlds::scml
