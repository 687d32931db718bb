{%- extends 'nbgrader/manage_submissions.tpl' -%}

{%- block head -%}
{{ super() }}
<script>
(function () {
    var render = SubmissionUI.prototype.render;
    SubmissionUI.prototype.render = function () {
        render.call(this);
        var why = this.model.get("damaged");
        if (why) {
            this.$status.attr("data-order", -1).empty().append($("<span/>")
                .addClass("label label-danger").attr("title", why).text("damaged"));
        }
    };
})();
</script>
{%- endblock head -%}
