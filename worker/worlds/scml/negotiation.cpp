#include "worker/worlds/scml/negotiation.hpp"

namespace joust::worlds::scml {

// No factory negotiates twice with another on one day.
NegotiationTable::NegotiationTable(int factories, int rounds)
    : rounds_(rounds), parties_(static_cast<std::size_t>(factories)) {
  for (Party& each : parties_) each.held.reserve(parties_.size());
  acting_.reserve(parties_.size());
  talks_.reserve(parties_.size());
  replies_.reserve(parties_.size());
}

void NegotiationTable::clear() {
  negotiations_.clear();
  running_.clear();
  for (Party& each : parties_) {
    each.negotiations.clear();
    each.held.clear();
    each.live = 0;
    each.in_vain = 0;
  }
  counts_ = {};
}

void NegotiationTable::open(int opener, int responder, bool opener_buys, int product,
                            const Issues& issues) {
  const int id = static_cast<int>(negotiations_.size());
  running_.push_back(id);
  Negotiation& added = negotiations_.emplace_back();
  added.sides[0].factory = opener;
  added.sides[1].factory = responder;
  added.opener_buys = opener_buys;
  added.product = product;
  added.issues = &issues;
  for (const int factory : {opener, responder}) {
    party(factory).negotiations.push_back(id);
    ++party(factory).live;
    ++party(factory).tally.took_part;
  }
  ++party(opener).tally.opened;
  ++counts_.opened;
  if (observer_ != nullptr)
    observer_->on_open(id, {opener, responder, opener_buys, product, issues});
}

void NegotiationTable::run(int most_passes, NegotiationParties& parties) {
  for (std::size_t i = 0; i < parties_.size(); ++i) {
    parties_[i].synchronous = parties.synchronous(static_cast<int>(i));
  }
  for (int pass = 0; !running_.empty() && (most_passes <= 0 || pass < most_passes); ++pass) {
    for (const int id : running_) step(negotiation(id), parties);
    std::erase_if(running_, [&](int id) { return !negotiation(id).live; });
  }
  for (const int id : running_) count_timed_out(negotiation(id));
}

// The parties act in turn until the round is over, the negotiation has ended or one of them waits.
void NegotiationTable::step(Negotiation& negotiation, NegotiationParties& parties) {
  Reply reply;
  do {
    if (!decide(negotiation, parties, reply)) {
      const int most_waits = static_cast<int>(parties_.size());
      if (++negotiation.waits > most_waits) {
        finish(negotiation);
        count_timed_out(negotiation);
      }
      return;
    }
    negotiation.waits = 0;
    apply(negotiation, reply, parties);
    negotiation.turn = 1 - negotiation.turn;
  } while (negotiation.live && negotiation.turn != 0);
  if (negotiation.live && ++negotiation.round == rounds_) {
    finish(negotiation);
    count_timed_out(negotiation);
  }
}

// Sets `reply` to what the party says whose turn it is; false if it waits.
bool NegotiationTable::decide(Negotiation& negotiation, NegotiationParties& parties, Reply& reply) {
  Side& side = negotiation.sides[negotiation.turn];
  if (!party(side.factory).synchronous) {
    const Talk talk = talk_of(negotiation, negotiation.turn);
    reply = Reply::end();
    parties.act(side.factory, {&talk, 1}, {&reply, 1});
    return true;
  }
  if (!side.answered) {
    Party& mine = party(side.factory);
    if (negotiation.has_offer && !side.holds_offer) {
      side.holds_offer = true;
      mine.held.push_back(id_of(negotiation));
    }
    if (wants_to_wait(negotiation, side, mine)) {
      ++side.waits;
      return false;
    }
    answer_together(side.factory, !negotiation.has_offer, parties);
  }
  side.answered = false;
  side.waits = 0;
  reply = side.reply;
  return true;
}

bool NegotiationTable::wants_to_wait(const Negotiation& negotiation, const Side& side,
                                     const Party& party) const {
  const int expected = party.live + party.in_vain;
  return negotiation.has_offer && static_cast<int>(party.held.size()) < expected &&
         side.waits < expected;
}

// The negotiations for which the agent makes its first proposals.
void NegotiationTable::gather_openings(int factory) {
  acting_.clear();
  for (const int id : party(factory).negotiations) {
    const Negotiation& each = negotiation(id);
    if (each.live && !each.has_offer && side_of(each, factory) == 0) acting_.push_back(id);
  }
}

// Those whose offers it holds, then any other live ones.
void NegotiationTable::gather_offers(int factory) {
  Party& mine = party(factory);
  acting_.clear();
  acting_.swap(mine.held);
  if (static_cast<int>(acting_.size()) == mine.live) return;
  for (const int id : mine.negotiations) {
    const Negotiation& each = negotiation(id);
    if (each.live && !each.sides[side_of(each, factory)].holds_offer) acting_.push_back(id);
  }
}

// Asks the agent for its replies to all the offers it holds, or, to open, for its first proposals.
void NegotiationTable::answer_together(int factory, bool opening, NegotiationParties& parties) {
  if (opening) {
    gather_openings(factory);
  } else {
    gather_offers(factory);
  }
  talks_.clear();
  for (const int id : acting_) {
    const Negotiation& each = negotiation(id);
    const int side = side_of(each, factory);
    talks_.push_back(talk_of(each, side));
    talks_.back().has_offer = each.sides[side].holds_offer;
  }
  replies_.assign(acting_.size(), Reply::end());
  parties.act(factory, talks_, replies_);
  for (std::size_t i = 0; i < acting_.size(); ++i) {
    Negotiation& each = negotiation(acting_[i]);
    Side& side = each.sides[side_of(each, factory)];
    side.reply = replies_[i];
    side.answered = true;
    side.holds_offer = false;
  }
}

Talk NegotiationTable::talk_of(const Negotiation& negotiation, int side) {
  const bool buys = (side == 0) == negotiation.opener_buys;
  return {negotiation.sides[1 - side].factory, negotiation.round, !buys, negotiation.has_offer,
          negotiation.offer};
}

void NegotiationTable::apply(Negotiation& negotiation, const Reply& reply,
                             NegotiationParties& parties) {
  if (reply.kind == Reply::Kind::propose && negotiation.issues->contains(reply.offer)) {
    negotiation.offer = reply.offer;
    negotiation.has_offer = true;
    if (observer_ != nullptr) {
      observer_->on_proposal(id_of(negotiation), negotiation.sides[negotiation.turn].factory,
                             reply.offer);
    }
    return;
  }
  if (reply.kind == Reply::Kind::propose && observer_ != nullptr) {
    observer_->on_refused(id_of(negotiation), negotiation.sides[negotiation.turn].factory,
                          reply.offer);
  }
  finish(negotiation);
  const bool agrees = reply.kind == Reply::Kind::accept && negotiation.has_offer;
  using End = NegotiationObserver::End;
  if (observer_ != nullptr) tell_end(negotiation, agrees ? End::agreed : End::broken);
  if (!agrees) return;
  ++counts_.agreed;
  for (const Side& side : negotiation.sides) ++party(side.factory).tally.agreed;
  const Side& buyer = negotiation.sides[negotiation.opener_buys ? 0 : 1];
  const Side& seller = negotiation.sides[negotiation.opener_buys ? 1 : 0];
  Contract contract;
  contract.buyer = buyer.factory;
  contract.seller = seller.factory;
  contract.product = negotiation.product;
  contract.terms = negotiation.offer;
  parties.agreed(contract);
}

void NegotiationTable::count_timed_out(const Negotiation& negotiation) {
  ++counts_.timed_out;
  for (const Side& side : negotiation.sides) ++party(side.factory).tally.timed_out;
  if (observer_ != nullptr) tell_end(negotiation, NegotiationObserver::End::timed_out);
}

void NegotiationTable::tell_end(const Negotiation& negotiation,
                                NegotiationObserver::End end) const {
  const bool timed_out = end == NegotiationObserver::End::timed_out;
  observer_->on_end(id_of(negotiation), end, negotiation.round + (timed_out ? 0 : 1),
                    timed_out ? -1 : negotiation.sides[negotiation.turn].factory);
}

void NegotiationTable::finish(Negotiation& negotiation) {
  negotiation.live = false;
  for (const Side& side : negotiation.sides) {
    Party& each = party(side.factory);
    --each.live;
    if (side.holds_offer) std::erase(each.held, id_of(negotiation));
  }
}

}  // namespace joust::worlds::scml
